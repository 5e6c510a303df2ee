package io.driftwatch.job.live;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.config.ConfigSections;
import io.driftwatch.alerts.config.InlineSecrets;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.profile.ProfileFile;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A configuration file as it can be published: without the sections that hold secrets, and with the
 * other files that it names.
 *
 * @param text the configuration without the withheld sections
 * @param withheld names of the sections that hold secrets; {@code kafka} and {@code flink} are
 *     always among them
 * @param files content of the files that it names, by name
 * @param digest SHA-256 of all that
 */
public record ConfigDraft(
        String text, List<String> withheld, Map<String, String> files, String digest)
        implements Serializable {
    /** They often hold secrets, and nothing in them changes while a job runs. */
    private static final List<String> ALWAYS_WITHHELD = List.of("flink", "kafka");

    /** The section of the self-test, which jobs are built with or without. */
    static final String CANARY = "canary";

    public ConfigDraft {
        withheld = List.copyOf(withheld);
        files = Collections.unmodifiableMap(new TreeMap<>(files));
    }

    /**
     * Makes one of a file.
     *
     * @param config what the file says
     * @throws IOException if the file, or one that it names, cannot be read any more
     */
    public static ConfigDraft of(Path file, MonitorConfig config) throws IOException {
        String whole = Files.readString(file);
        Map<String, String> files = new TreeMap<>();
        ConfigLoader.OtherFiles folder =
                ConfigLoader.OtherFiles.in(file.toAbsolutePath().getParent());
        ConfigLoader.parse(
                file.toString(),
                whole,
                name -> {
                    String text = folder.read(name);
                    files.put(name, text);
                    return text;
                });
        List<String> withheld = withheld(config.alerts());
        String text = ConfigSections.parse(whole).without(withheld);
        return new ConfigDraft(text, withheld, files, digest(text, withheld, files));
    }

    /** The sections that hold a secret as it is, rather than name a file with it. */
    private static List<String> withheld(AlertsConfig alerts) {
        List<String> withheld = new ArrayList<>(ALWAYS_WITHHELD);
        if (InlineSecrets.in(alerts.receiversBesideCanary())) {
            withheld.add("receivers");
        }
        if (alerts.canary() != null && InlineSecrets.in(alerts.canary())) {
            withheld.add(CANARY);
        }
        if (InlineSecrets.in(alerts.retrainRoutes())) {
            withheld.add("retrain");
        }
        return withheld;
    }

    private static String digest(String text, List<String> withheld, Map<String, String> files) {
        StringBuilder all = new StringBuilder(text).append('\0').append(withheld);
        files.forEach(
                (name, content) -> all.append('\0').append(name).append('\0').append(content));
        return ProfileFile.digest(all.toString().getBytes(StandardCharsets.UTF_8));
    }
}
