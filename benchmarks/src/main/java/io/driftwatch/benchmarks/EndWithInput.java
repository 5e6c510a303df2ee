package io.driftwatch.benchmarks;

import java.io.IOException;

/** Ends this process when whoever started it closes its input, or is gone. */
final class EndWithInput {
    private EndWithInput() {}

    static void watch() {
        Thread thread = new Thread(EndWithInput::waitForEnd, "end with input");
        thread.setDaemon(true);
        thread.start();
    }

    private static void waitForEnd() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is expected.
            }
        } catch (IOException e) {
            // Nobody is there any more, which is the same.
            System.exit(1);
        }
        System.exit(0);
    }
}
