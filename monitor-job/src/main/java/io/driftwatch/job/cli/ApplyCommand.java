package io.driftwatch.job.cli;

import io.driftwatch.alerts.config.ConfigException;
import io.driftwatch.alerts.config.ConfigSections;
import io.driftwatch.alerts.config.Problems;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.live.Author;
import io.driftwatch.job.live.ConfigChanges;
import io.driftwatch.job.live.ConfigDraft;
import io.driftwatch.job.live.ConfigIdentity;
import io.driftwatch.job.live.ConfigTopic;
import io.driftwatch.job.live.ConfigTopic.ConflictException;
import io.driftwatch.job.live.ConfigTopic.Restored;
import io.driftwatch.job.live.LiveControl;
import io.driftwatch.job.profile.LoadedProfile;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.schemas.AppliedConfig;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.ConfigStatus;
import io.driftwatch.schemas.StreamAccounting;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code driftwatch apply}. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = "Puts a configuration in force while the jobs run.",
        footer = {
            "",
            "Rules, routes, receivers, thresholds, features and profiles are taken up within",
            "seconds. What needs a restart is named, and then nothing is applied.",
            "",
            "Examples:",
            "  driftwatch apply -c driftwatch.yaml --dry-run    what would change?",
            "  driftwatch apply -c driftwatch.yaml              change it, and wait for the jobs"
        })
public final class ApplyCommand implements Callable<Integer> {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final String CANARY = "canary";
    private static final Set<String> SECTIONS_WITH_SECRETS = Set.of(CANARY, "receivers", "retrain");
    private static final List<String> JOBS = List.of(LiveControl.MONITOR, LiveControl.NOTIFY);

    @Mixin private ConfigOption config;
    @Spec private CommandSpec spec;

    @Option(names = "--dry-run", description = "only show what would change")
    private boolean dryRun;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "15",
            description = "how long to wait for the jobs' answers; default ${DEFAULT-VALUE}")
    private int patience;

    @Override
    public Integer call() throws InterruptedException {
        ClassTrust.ensure();
        MonitorConfig loaded = config.loadWithKafka();
        Problems problems = new Problems();
        LoadedProfiles profiles = LoadedProfiles.load(loaded, problems);
        problems.throwIfAny();
        try {
            return apply(loaded, profiles);
        } catch (IOException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    private int apply(MonitorConfig loaded, LoadedProfiles profiles)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        ConfigDraft draft = ConfigDraft.of(config.file(), loaded);
        Map<String, String> digests = new HashMap<>();
        Map<String, Path> files = new HashMap<>();
        for (ModelConfig model : loaded.models()) {
            LoadedProfile profile = profiles.of(model);
            digests.put(model.name(), profile.digest());
            files.put(profile.digest(), profile.file());
        }
        ConfigTopic topic = new ConfigTopic(loaded.kafka(), loaded.topics().control());
        Optional<AppliedConfig> before = topic.current();
        List<String> changes = changes(before, draft, digests);
        noteWithheld(draft, out);
        out.flush();
        if (before.isPresent() && changes.isEmpty()) {
            out.println(
                    "nothing has changed: version " + before.get().getVersion() + " is in force");
            out.flush();
            return ExitCode.FINE;
        }
        changes.forEach(out::println);
        if (before.isPresent()) {
            refuse(before.get(), loaded, accountedOtherwise(topic, loaded, profiles), out);
        }
        out.flush();
        if (dryRun) {
            return ExitCode.FINE;
        }
        ConfigIdentity identity = new ConfigIdentity(draft.digest(), digests);
        long begin = System.nanoTime();
        AppliedConfig applied = publish(topic, before, draft, identity, files);
        out.println("version " + applied.getVersion() + " is published");
        out.flush();
        return await(topic, applied, begin, out);
    }

    private static AppliedConfig publish(
            ConfigTopic topic,
            Optional<AppliedConfig> before,
            ConfigDraft draft,
            ConfigIdentity identity,
            Map<String, Path> files)
            throws IOException {
        try {
            return topic.publish(before, draft, identity, files, Author.here());
        } catch (ConflictException e) {
            throw new UserError(
                    e.getMessage()
                            + ": nothing of this file is published; look with --dry-run and"
                            + " apply it again",
                    e);
        }
    }

    private static List<String> changes(
            Optional<AppliedConfig> before, ConfigDraft draft, Map<String, String> digests) {
        List<String> changes = new ArrayList<>();
        ConfigChanges.between(before.map(AppliedConfig::getText).orElse(""), draft.text())
                .forEach(change -> changes.add(change.toString()));
        if (before.isPresent()) {
            changes.addAll(ConfigChanges.inWithheld(before.get().getWithheld(), draft.withheld()));
            Map<String, String> old = before.get().getProfiles();
            new TreeMap<>(digests)
                    .forEach(
                            (model, digest) -> {
                                if (!digest.equals(old.get(model))) {
                                    changes.add("~ profile of " + model + ": another content");
                                }
                            });
            if (changes.isEmpty() && !before.get().getDigest().equals(draft.digest())) {
                changes.add("~ the files that the configuration names, or how it is written");
            }
        }
        return changes;
    }

    private static void noteWithheld(ConfigDraft draft, PrintWriter out) {
        draft.withheld().stream()
                .filter(SECTIONS_WITH_SECRETS::contains)
                .forEach(
                        section ->
                                out.println(
                                        "note: "
                                                + section
                                                + " holds secrets as they are, which go to no"
                                                + " topic; jobs keep their own until they are"
                                                + " restarted. Name files with ..._file instead"));
    }

    private void refuse(
            AppliedConfig before,
            MonitorConfig loaded,
            List<String> accountedOtherwise,
            PrintWriter out) {
        MonitorConfig old;
        try {
            String own =
                    ConfigSections.parse(Files.readString(config.file()))
                            .only(before.getWithheld());
            old =
                    ConfigLoader.parse(
                            "version " + before.getVersion(),
                            own + before.getText(),
                            name -> file(before, name));
        } catch (ConfigException | IOException e) {
            out.println(
                    "note: version "
                            + before.getVersion()
                            + " cannot be read by this release; the jobs decide whether they need a"
                            + " restart");
            refuse(accountedOtherwise);
            return;
        }
        List<String> reasons = new ArrayList<>();
        for (String job : JOBS) {
            reasons.addAll(ConfigChanges.needingRestart(job, old, loaded));
        }
        boolean hadCanary = old.hasCanary() || before.getWithheld().contains(CANARY);
        if (hadCanary != loaded.hasCanary()) {
            reasons.add("canary has been " + (hadCanary ? "taken out" : "added"));
        }
        reasons.addAll(accountedOtherwise);
        refuse(reasons);
        ConfigChanges.newModels(old, loaded)
                .forEach(
                        model ->
                                out.println(
                                        "note: model "
                                                + model
                                                + " is new; watch it by a job beside the others:"
                                                + " driftwatch monitor --model "
                                                + model));
    }

    /** What the features that are wanted change in how running jobs account for streams. */
    private static List<String> accountedOtherwise(
            ConfigTopic topic, MonitorConfig loaded, LoadedProfiles profiles) throws IOException {
        Collection<StreamAccounting> running = topic.accounting();
        return loaded.models().stream()
                .flatMap(
                        model ->
                                ConfigChanges.needingRestart(
                                        running, model, profiles.of(model).features())
                                        .stream())
                .toList();
    }

    private static void refuse(List<String> reasons) {
        if (!reasons.isEmpty()) {
            throw new UserError(
                    "nothing is applied, since this needs a restart: "
                            + reasons.stream().distinct().collect(Collectors.joining("; "))
                            + ". Stop the job with a savepoint and submit it again with this file");
        }
    }

    private static String file(AppliedConfig config, String name) throws IOException {
        String text = config.getFiles().get(name);
        if (text == null) {
            throw new NoSuchFileException(name);
        }
        return text;
    }

    /** The first refusal, the first answer of each job, or what somebody else applies ends it. */
    private int await(ConfigTopic topic, AppliedConfig applied, long begin, PrintWriter out)
            throws IOException, InterruptedException {
        Map<String, Boolean> jobs = new TreeMap<>();
        long deadline = begin + TimeUnit.SECONDS.toNanos(patience);
        while (System.nanoTime() < deadline && jobs.size() < JOBS.size()) {
            for (ConfigStatus answer : topic.answers(applied.getVersion())) {
                if (!answer.getAccepted()) {
                    throw new UserError(refusal(topic, applied, answer));
                }
                if (jobs.putIfAbsent(answer.getJob(), true) == null) {
                    out.printf(
                            "in force in %s after %.1f s%n",
                            answer.getJob(), (System.nanoTime() - begin) / 1e9);
                    out.flush();
                }
            }
            if (jobs.size() < JOBS.size()) {
                requireInForce(topic, applied, jobs.keySet());
                TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
            }
        }
        for (String job : JOBS) {
            if (!jobs.containsKey(job)) {
                out.println("no " + job + " job has answered; one that starts takes it up");
            }
        }
        out.flush();
        return ExitCode.FINE;
    }

    /** Jobs answer about the newest alone, so that nothing would be heard of an older one. */
    private static void requireInForce(
            ConfigTopic topic, AppliedConfig applied, Set<String> answered) throws IOException {
        Optional<AppliedConfig> current = topic.current();
        if (current.isPresent() && !current.get().equals(applied)) {
            List<String> silent = JOBS.stream().filter(job -> !answered.contains(job)).toList();
            throw new UserError(
                    "version "
                            + applied.getVersion()
                            + " was replaced by "
                            + ConfigTopic.describe(current.get())
                            + " before it was heard of the "
                            + String.join(" and the ", silent)
                            + " job; look with --dry-run and apply it again if it is still wanted");
        }
    }

    /** All jobs, and those that start, are to go by the same configuration. */
    private static String refusal(ConfigTopic topic, AppliedConfig applied, ConfigStatus answer)
            throws IOException {
        String refused =
                "the "
                        + answer.getJob()
                        + " job refuses version "
                        + applied.getVersion()
                        + ": "
                        + answer.getReason();
        try {
            Optional<Restored> again = topic.restore(applied, Author.here());
            return again.map(
                            restored ->
                                    refused
                                            + ". Version "
                                            + restored.version()
                                            + " puts version "
                                            + restored.from()
                                            + " in force again")
                    .orElse(refused);
        } catch (ConflictException e) {
            return refused
                    + ". "
                    + topic.current().map(now -> "Now " + ConfigTopic.describe(now)).orElse("")
                    + " is in force";
        }
    }
}
