package io.driftwatch.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Java process holds in memory.
 *
 * @param heap bytes of live objects: what is left of the heap after a full collection
 * @param metaspace bytes of loaded classes
 */
record Vitals(long heap, long metaspace) {
    private static final Pattern GENERATION =
            Pattern.compile("generation +total \\d+K, used (\\d+)K");
    private static final Pattern METASPACE = Pattern.compile("Metaspace +used (\\d+)K");

    /**
     * Collects the garbage of a process that uses the serial collector, and looks at what stays.
     */
    static Vitals of(long process) throws IOException, InterruptedException {
        ask(process, "GC.run");
        String info = ask(process, "GC.heap_info");
        return new Vitals(sum(GENERATION, info), sum(METASPACE, info));
    }

    private static long sum(Pattern pattern, String info) throws IOException {
        Matcher matcher = pattern.matcher(info);
        long kilobytes = 0;
        boolean found = false;
        while (matcher.find()) {
            kilobytes += Long.parseLong(matcher.group(1));
            found = true;
        }
        if (!found) {
            throw new IOException("no " + pattern + " in what jcmd says: " + info);
        }
        return kilobytes << 10;
    }

    private static String ask(long process, String question)
            throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process answer =
                new ProcessBuilder(jcmd, Long.toString(process), question)
                        .redirectErrorStream(true)
                        .start();
        String text = new String(answer.getInputStream().readAllBytes(), UTF_8);
        if (answer.waitFor() != 0) {
            throw new IOException("jcmd " + process + " " + question + ": " + text);
        }
        return text;
    }
}
