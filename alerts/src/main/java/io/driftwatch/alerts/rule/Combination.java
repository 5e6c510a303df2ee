package io.driftwatch.alerts.rule;

import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A rule about other rules: whether all or any of them are breached in one window of one sample,
 * whatever the feature, or how large a share of the features breach one of them. What it judges is
 * made into a score of the whole model, so that everything else is as for any rule: windows in a
 * row, a limit of its own for the end, revisions, episodes.
 *
 * @param rule what the alert is called and when it fires; its statistic is {@link Kind#label}, its
 *     value the number of rules or the share of features
 * @param kind how rules are combined
 * @param of names of the rules; one for {@link Kind#SHARE_OF}, else two or more. Copied
 * @param top only this many features count, those with the greatest weights, and of equal ones the
 *     first by name; 0 for all
 */
public record Combination(Rule rule, Kind kind, List<String> of, int top) implements Serializable {
    private static final String WHOLE = "*";
    private static final int MOST_NAMED = 5;

    /** How rules are combined. */
    public enum Kind {
        ALL_OF,
        ANY_OF,
        SHARE_OF;

        /** What it is called in the configuration and as a statistic. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How one score of the window was judged.
     *
     * @param alert name of the rule
     * @param score the score
     * @param judgement what the rule says
     */
    public record Verdict(String alert, Score score, Judgement judgement) {
        boolean isBreach() {
            return judgement == Judgement.BREACH;
        }

        boolean isKnown() {
            return judgement != Judgement.UNKNOWN;
        }
    }

    public Combination {
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(kind, "kind");
        of = List.copyOf(of);
        boolean fits = kind == Kind.SHARE_OF ? of.size() == 1 : of.size() >= 2;
        if (!fits || top < 0) {
            throw new IllegalArgumentException(
                    "Combination "
                            + rule.alert()
                            + ": too few or too many rules, or a negative top");
        }
    }

    /**
     * Makes the evidence that its rule judges.
     *
     * @param verdicts all verdicts about one window of one sample; those of other rules are ignored
     * @param weights how important features are; 1 for one that is missing
     * @return empty if no rule of the combination judged anything in this window
     */
    public Optional<Evidence> evidence(Collection<Verdict> verdicts, Map<String, Double> weights) {
        List<Verdict> mine = verdicts.stream().filter(each -> of.contains(each.alert())).toList();
        if (mine.isEmpty()) {
            return Optional.empty();
        }
        List<Verdict> counted = top == 0 ? mine : mostImportant(mine, weights);
        Score score = score(counted, value(counted));
        return rule.matches(score)
                ? Optional.of(new Evidence(score, null, null, null, 1, story(counted)))
                : Optional.empty();
    }

    private List<Verdict> mostImportant(List<Verdict> verdicts, Map<String, Double> weights) {
        Comparator<String> byWeight =
                Comparator.comparingDouble(feature -> -weights.getOrDefault(feature, 1.0));
        List<String> names =
                verdicts.stream()
                        .map(verdict -> verdict.score().getFeature())
                        .distinct()
                        .sorted(byWeight.thenComparing(Comparator.naturalOrder()))
                        .limit(top)
                        .toList();
        return verdicts.stream().filter(v -> names.contains(v.score().getFeature())).toList();
    }

    /** The number of breached rules or the share of breaching features; null if nobody can tell. */
    private Double value(List<Verdict> verdicts) {
        if (kind == Kind.SHARE_OF) {
            List<Verdict> known = verdicts.stream().filter(Verdict::isKnown).toList();
            return known.isEmpty()
                    ? null
                    : (double) known.stream().filter(Verdict::isBreach).count() / known.size();
        }
        long breached = breached(verdicts).size();
        boolean isDecided = kind == Kind.ANY_OF && breached > 0;
        boolean isOpen = of.stream().anyMatch(alert -> isUnknown(alert, verdicts));
        return isOpen && !isDecided ? null : (double) breached;
    }

    private static boolean isUnknown(String alert, List<Verdict> verdicts) {
        return verdicts.stream().noneMatch(v -> v.alert().equals(alert) && v.isKnown());
    }

    private static TreeSet<String> breached(List<Verdict> verdicts) {
        return verdicts.stream()
                .filter(Verdict::isBreach)
                .map(Verdict::alert)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Score score(List<Verdict> verdicts, Double value) {
        Score first = verdicts.get(0).score();
        long rows = verdicts.stream().mapToLong(v -> v.score().getCount()).max().orElse(0);
        long reference =
                verdicts.stream().mapToLong(v -> v.score().getReferenceCount()).max().orElse(0);
        int revision = verdicts.stream().mapToInt(v -> v.score().getRevision()).max().orElse(0);
        return Score.newBuilder()
                .setModel(first.getModel())
                .setModelVersion(first.getModelVersion())
                .setSegment(first.getSegment())
                .setFeature(WHOLE)
                .setStatistic(kind.label())
                .setValue(value)
                .setLower(value)
                .setUpper(value)
                .setCount(rows)
                .setReferenceCount(reference)
                .setWindowStart(first.getWindowStart())
                .setWindowEnd(first.getWindowEnd())
                .setStatus(value == null ? ScoreStatus.insufficient_data : ScoreStatus.scored)
                .setReason(value == null ? "no rule of the combination has a value" : null)
                .setRevision(revision)
                .build();
    }

    private String story(List<Verdict> verdicts) {
        List<String> features =
                verdicts.stream()
                        .filter(Verdict::isBreach)
                        .map(verdict -> verdict.score().getFeature())
                        .distinct()
                        .sorted()
                        .toList();
        if (kind == Kind.SHARE_OF) {
            long known = verdicts.stream().filter(Verdict::isKnown).count();
            return features.size()
                    + " of "
                    + known
                    + " features breach "
                    + of.get(0)
                    + named(features);
        }
        List<String> parts = new ArrayList<>(breached(verdicts));
        return (parts.isEmpty() ? "none" : String.join(", ", parts))
                + " of "
                + String.join(", ", of)
                + (parts.size() == 1 ? " is breached" : " are breached")
                + named(features);
    }

    private static String named(List<String> features) {
        if (features.isEmpty()) {
            return "";
        }
        String more =
                features.size() > MOST_NAMED
                        ? " and " + (features.size() - MOST_NAMED) + " more"
                        : "";
        return ": " + String.join(", ", features.stream().limit(MOST_NAMED).toList()) + more;
    }
}
