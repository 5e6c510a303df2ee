package io.driftwatch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What can be said of the image without building it. */
class DockerfileTest {
    private static final Path TOP = Path.of("..");
    private final List<String> lines = lines("docker/Dockerfile");
    private final List<String> ignored = lines("docker/Dockerfile.dockerignore");

    /** Instructions, each on one line. */
    private static List<String> lines(String file) {
        try {
            return Files.readString(Path.of(file))
                    .replaceAll("(?m)^#.*\\n", "")
                    .replaceAll("\\\\\\n\\s*", "")
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<String> all(String instruction) {
        return lines.stream().filter(line -> line.startsWith(instruction + " ")).toList();
    }

    private static String pom(String path, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(TOP.resolve(path)));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    @Test
    void theImageIsOfTheFlinkThatTheJobsAreBuiltFor() throws Exception {
        String flink = pom("pom.xml", "<flink.version>(.*)</flink.version>");

        assertThat(all("FROM").get(all("FROM").size() - 1))
                .isEqualTo("FROM flink:" + flink + "-java17");
        assertThat(all("FROM")).noneMatch(from -> from.endsWith("latest") || !from.contains(":"));
    }

    @Test
    void theJarIsTheOneThatTheBuildMakes() throws Exception {
        String jar = pom("monitor-job/pom.xml", "<outputFile>.*/(driftwatch.*\\.jar)</outputFile>");

        assertThat(all("COPY").get(all("COPY").size() - 1))
                .contains("/src/monitor-job/target/" + jar + " /opt/flink/usrlib/" + jar);
    }

    @Test
    void nobodyIsRootWhenItRuns() {
        assertThat(lines.get(lines.size() - 1)).isEqualTo("USER 9999");
    }

    @Test
    void allThatTheBuildNeedsIsThereAndNotIgnored() throws Exception {
        List<String> copied =
                all("COPY").stream()
                        .filter(line -> !line.contains("--from"))
                        .map(line -> line.split(" ")[1])
                        .toList();

        assertThat(copied).allMatch(path -> Files.exists(TOP.resolve(path)));
        assertThat(copied).allMatch(path -> ignored.contains("!" + path));
        Matcher modules =
                Pattern.compile("<module>(.*)</module>")
                        .matcher(Files.readString(TOP.resolve("pom.xml")));
        while (modules.find()) {
            String module = modules.group(1);
            assertThat(copied).containsAnyOf(module, module + "/pom.xml");
        }
    }

    @Test
    void nothingIsFetchedFromElsewhereAndNoSecretIsBuiltIn() {
        assertThat(all("ADD")).isEmpty();
        assertThat(all("ARG")).isEmpty();
        assertThat(lines).noneMatch(line -> line.contains("curl") || line.contains("wget"));
    }
}
