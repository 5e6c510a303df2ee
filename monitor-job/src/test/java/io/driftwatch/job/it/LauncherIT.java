package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.cli.ExitCode;
import io.driftwatch.job.cli.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script at the top, in a folder of its own with what the build has made just now. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LauncherIT {
    private static final Path BUILT = Path.of("target").toAbsolutePath();
    private static final String JAR = "driftwatch-" + Version.number() + ".jar";

    /** Says that it is Maven, and puts the jar where it belongs instead of building it. */
    private static final String QUICK_MAVEN =
            """
            #!/usr/bin/env bash
            case "$*" in -v) echo 'Apache Maven 3.9.9'; exit ;; esac
            [ -z "$QUICK_MAVEN_JAR" ] || cp "$QUICK_MAVEN_JAR" monitor-job/target/
            """;

    @TempDir private Path folder;
    private Path home;
    private Path target;

    private record Run(int exitCode, String out, String err) {}

    @BeforeEach
    void aFolderThatIsBuilt() throws Exception {
        home = Files.createDirectory(folder.resolve("home")).toRealPath();
        Files.copy(
                Path.of("../driftwatch"),
                home.resolve("driftwatch"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Files.createFile(home.resolve("pom.xml"));
        for (String module : List.of("schemas", "detectors", "alerts", "monitor-job")) {
            Files.createDirectory(home.resolve(module));
        }
        target = Files.createDirectory(home.resolve("monitor-job/target"));
        Files.createDirectory(target.resolve("maven-archiver"));
        for (String file :
                List.of(
                        JAR,
                        "classpath-bundled.txt",
                        "classpath-provided.txt",
                        "maven-archiver/pom.properties")) {
            Files.copy(BUILT.resolve(file), target.resolve(file));
        }
        Files.writeString(target.resolve("launcher.built"), home + "\n");
        Path maven = Files.createDirectory(folder.resolve("bin")).resolve("mvn");
        assertThat(Files.writeString(maven, QUICK_MAVEN).toFile().setExecutable(true)).isTrue();
    }

    private Run launch(Path jarOrNull) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(home.resolve("driftwatch").toString(), "--version")
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("DRIFTWATCH_"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("PATH", folder.resolve("bin") + ":" + environment.get("PATH"));
        environment.put("QUICK_MAVEN_JAR", jarOrNull == null ? "" : jarOrNull.toString());
        Process process = builder.start();
        try {
            int exitCode = process.waitFor();
            return new Run(exitCode, Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }

    /** What runs none of our classes, and lies beside the jar. */
    private void others() throws IOException {
        String version = Version.number();
        for (String other : List.of("0.0.1", version + "-tests", version + "-sources", "99.0.0")) {
            Files.writeString(target.resolve("driftwatch-" + other + ".jar"), "not our jar");
        }
    }

    @Test
    void theJarThatWasBuiltIsRunWhateverLiesBesideIt() throws Exception {
        others();

        assertThat(launch(null))
                .isEqualTo(new Run(ExitCode.FINE, "driftwatch " + Version.number() + "\n", ""));
    }

    @Test
    void whenThatJarIsMissingItIsBuiltAndNoneBesideItWillDo() throws Exception {
        others();
        Files.delete(target.resolve(JAR));

        Run run = launch(BUILT.resolve(JAR));

        assertThat(run.err()).startsWith("driftwatch: building ");
        assertThat(run.out()).isEqualTo("driftwatch " + Version.number() + "\n");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FINE);
    }

    @Test
    void aBuildThatMakesNoJarIsNotTakenForOne() throws Exception {
        others();
        Files.delete(target.resolve(JAR));

        Run run = launch(null);

        assertThat(run.err()).contains("the build made no " + target.resolve(JAR) + ";");
        assertThat(run.exitCode()).isEqualTo(ExitCode.INPUT);
        assertThat(target.resolve("start")).doesNotExist();
    }
}
