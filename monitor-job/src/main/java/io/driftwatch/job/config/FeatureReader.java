package io.driftwatch.job.config;

import io.driftwatch.alerts.config.ConfigMapping;
import io.driftwatch.alerts.config.Kind;
import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.CategoricalProfile;
import java.util.List;

/** Reads one entry of a model's {@code features}. */
final class FeatureReader {
    private static final int MOST_BINS = 1000;

    private FeatureReader() {}

    static FeatureConfig read(String name, ConfigMapping feature) {
        FeatureType type =
                feature.has("type") ? feature.choice("type", FeatureType.class, null) : null;
        List<Double> edges = List.of();
        int bins = FeatureConfig.DEFAULT_BINS;
        if (feature.kind("bins") == Kind.MAPPING) {
            ConfigMapping given = feature.mapping("bins").orElseThrow();
            edges = given.numbers("edges");
            checkEdges(given, edges);
            given.end();
        } else {
            bins = (int) feature.integer("bins", FeatureConfig.DEFAULT_BINS, 2, MOST_BINS);
        }
        if (type == FeatureType.CATEGORICAL && feature.has("bins")) {
            feature.problem(
                    "bins", "is for numeric features; categories limits the bins of this one");
        }
        int categories =
                (int)
                        feature.integer(
                                "categories",
                                CategoricalProfile.DEFAULT_CATEGORIES,
                                CategoricalProfile.FEWEST_CATEGORIES,
                                CategoricalProfile.MOST_CATEGORIES);
        if (type == FeatureType.NUMERIC && feature.has("categories")) {
            feature.problem(
                    "categories", "is for categorical features; bins limits the bins of this one");
        }
        FeatureConfig config =
                new FeatureConfig(
                        name,
                        type,
                        feature.choice("role", ValueRole.class, ValueRole.FEATURE),
                        feature.string("path", name),
                        bins,
                        edges,
                        categories,
                        weight(feature),
                        StatisticNames.read(feature));
        feature.end();
        return config;
    }

    private static double weight(ConfigMapping feature) {
        double weight = feature.optionalNumber("weight").orElse(1);
        if (!(weight > 0) || Double.isInfinite(weight)) {
            feature.problem("weight", "must be a number above 0; use for example 2.5");
        }
        return weight;
    }

    private static void checkEdges(ConfigMapping bins, List<Double> edges) {
        if (edges.isEmpty()) {
            bins.problem("edges", "is empty; give at least one edge, or a number of bins");
        }
        for (int i = 0; i < edges.size(); i++) {
            if (!Double.isFinite(edges.get(i))) {
                bins.problem("edges", "holds " + edges.get(i) + "; edges must be finite numbers");
                return;
            }
            if (i > 0 && edges.get(i) <= edges.get(i - 1)) {
                bins.problem(
                        "edges", "must rise: " + edges.get(i) + " follows " + edges.get(i - 1));
                return;
            }
        }
    }
}
