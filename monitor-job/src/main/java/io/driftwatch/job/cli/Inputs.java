package io.driftwatch.job.cli;

import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamRole;
import io.driftwatch.job.decode.FileFormat;
import io.driftwatch.job.source.FileSources.Input;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Reads the {@code --input} option: {@code ROLE=FILE}, or {@code MODEL:ROLE=FILE}. */
final class Inputs {
    private Inputs() {}

    /**
     * @param model the model meant where an input names none; null if there are several
     */
    static List<Input> parse(List<String> texts, MonitorConfig config, String model) {
        List<Input> inputs = new ArrayList<>();
        for (String text : texts) {
            inputs.add(parse(text, config, model));
        }
        return inputs;
    }

    private static Input parse(String text, MonitorConfig config, String fallback) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
            throw new UserError(
                    "--input '" + text + "' is not ROLE=FILE, for example inference=flights.csv");
        }
        String left = text.substring(0, equals);
        int colon = left.lastIndexOf(':');
        String modelName = colon < 0 ? fallback : left.substring(0, colon);
        if (modelName == null) {
            throw new UserError(
                    "--input '"
                            + text
                            + "' must say which model it is for, as MODEL:ROLE=FILE; models are "
                            + names(config));
        }
        ModelConfig model = model(config, modelName);
        StreamRole role = role(left.substring(colon + 1), model, text);
        Path file = Path.of(text.substring(equals + 1));
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new UserError(
                    file + (Files.exists(file) ? ": cannot be read" : ": there is no such file"));
        }
        try {
            FileFormat.of(file.toString());
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
        return new Input(model.name(), role, file);
    }

    static ModelConfig model(MonitorConfig config, String name) {
        return config.model(name)
                .orElseThrow(
                        () ->
                                new UserError(
                                        "no model '"
                                                + name
                                                + "' in the configuration; models are "
                                                + names(config)));
    }

    /** The named model, or the only one. */
    static ModelConfig modelOrOnly(MonitorConfig config, String name) {
        if (name != null) {
            return model(config, name);
        }
        if (config.models().size() > 1) {
            throw new UserError("say which model with --model; models are " + names(config));
        }
        return config.models().get(0);
    }

    private static StreamRole role(String name, ModelConfig model, String text) {
        String roles =
                model.streams().stream().map(s -> s.role().key()).collect(Collectors.joining(", "));
        return Arrays.stream(StreamRole.values())
                .filter(r -> r.key().equals(name.toLowerCase(Locale.ROOT)))
                .filter(r -> model.stream(r).isPresent())
                .findFirst()
                .orElseThrow(
                        () ->
                                new UserError(
                                        "--input '"
                                                + text
                                                + "': model '"
                                                + model.name()
                                                + "' has no stream '"
                                                + name
                                                + "'; its streams are "
                                                + roles));
    }

    private static String names(MonitorConfig config) {
        return config.models().stream().map(ModelConfig::name).collect(Collectors.joining(", "));
    }
}
