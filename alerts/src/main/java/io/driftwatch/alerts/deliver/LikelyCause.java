package io.driftwatch.alerts.deliver;

import io.driftwatch.alerts.rule.Figures;
import io.driftwatch.alerts.rule.NoDataRule;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.BinChange;
import io.driftwatch.schemas.ColumnRole;
import io.driftwatch.schemas.Score;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What probably lies behind the alerts of one notification, which decides who looks into it: a
 * broken pipeline is no reason to train anew. Named after the first of these that any firing alert
 * speaks for; only what the notification holds is known.
 *
 * <ul>
 *   <li><b>pipeline break</b>: a stream is silent or the window holds less than half of the usual
 *       rows, values are missing or infinite, nearly all of them are the same or outside of the
 *       reference's range (another unit);
 *   <li><b>new categories</b>;
 *   <li><b>prediction drift</b> or <b>label drift</b>: only those columns have drifted;
 *   <li><b>covariate drift</b>: inputs of the model have.
 * </ul>
 *
 * @param kind one of the names above
 * @param reason which column speaks for it, and how
 */
record LikelyCause(String kind, String reason) {
    private static final double NEARLY_ALL = 0.95;
    private static final double HALF = 0.5;
    private static final String NEW = "__new__";

    /** In standard deviations of a count, so that a loss of few rows is not taken for one. */
    private static final double CERTAIN = 5;

    /** Returns the cause of what fires; empty if nothing does, or nobody can tell. */
    static Optional<LikelyCause> of(List<Alert> alerts) {
        List<Alert> firing =
                alerts.stream().filter(alert -> alert.getState() == AlertState.firing).toList();
        return first(firing, LikelyCause::pipelineBreak)
                .map(reason -> new LikelyCause("pipeline break", reason))
                .or(
                        () ->
                                first(firing, LikelyCause::newCategories)
                                        .map(reason -> new LikelyCause("new categories", reason)))
                .or(() -> drift(firing));
    }

    private static Optional<String> first(
            List<Alert> alerts, Function<Alert, Optional<String>> reason) {
        return alerts.stream().flatMap(alert -> reason.apply(alert).stream()).findFirst();
    }

    private static Optional<String> pipelineBreak(Alert alert) {
        Score score = alert.getScore();
        String feature = score.getFeature();
        if (NoDataRule.isOf(alert)) {
            return Optional.of("a stream is silent");
        }
        if (hasLostRows(alert)) {
            return Optional.of(
                    "the window holds "
                            + Figures.count(alert.getRows())
                            + " rows where "
                            + Figures.count(alert.getUsualRows())
                            + " are usual");
        }
        return switch (score.getStatistic()) {
            case "missing_rate" -> Optional.of("values of " + feature + " are missing");
            case "infinite_rate" -> Optional.of("values of " + feature + " are infinite");
            case "out_of_range_rate" ->
                    score.getValue() != null && score.getValue() > HALF
                            ? Optional.of("most of " + feature + " is out of range: another unit?")
                            : Optional.empty();
            default -> constant(feature, score.getLargestChange());
        };
    }

    private static boolean hasLostRows(Alert alert) {
        if (alert.getRows() == null || alert.getUsualRows() == null) {
            return false;
        }
        double usual = alert.getUsualRows();
        return alert.getRows() < Math.min(HALF * usual, usual - CERTAIN * Math.sqrt(usual));
    }

    private static Optional<String> constant(String feature, BinChange change) {
        boolean isConstant =
                change != null
                        && !change.getBin().equals(NEW)
                        && change.getShare() >= NEARLY_ALL
                        && change.getReferenceShare() <= HALF;
        return isConstant ? Optional.of(feature + " is nearly constant") : Optional.empty();
    }

    private static Optional<String> newCategories(Alert alert) {
        Score score = alert.getScore();
        BinChange change = score.getLargestChange();
        boolean isNew =
                score.getStatistic().equals("new_category_rate")
                        || (change != null && change.getBin().equals(NEW));
        return isNew
                ? Optional.of(score.getFeature() + " has values the reference does not have")
                : Optional.empty();
    }

    private static Optional<LikelyCause> drift(List<Alert> firing) {
        if (firing.isEmpty()) {
            return Optional.empty();
        }
        if (firing.stream().allMatch(alert -> role(alert) == ColumnRole.prediction)) {
            return Optional.of(
                    new LikelyCause("prediction drift", "only predictions are among these alerts"));
        }
        if (firing.stream().allMatch(alert -> role(alert) == ColumnRole.label)) {
            return Optional.of(
                    new LikelyCause("label drift", "only labels are among these alerts"));
        }
        return firing.stream()
                .filter(alert -> role(alert) == ColumnRole.feature)
                .findFirst()
                .map(alert -> alert.getScore().getFeature())
                .map(
                        name ->
                                new LikelyCause(
                                        "covariate drift", name + " is distributed otherwise"));
    }

    private static ColumnRole role(Alert alert) {
        return alert.getScore().getRole();
    }
}
