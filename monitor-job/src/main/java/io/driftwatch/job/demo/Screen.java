package io.driftwatch.job.demo;

import java.io.PrintWriter;
import java.util.List;

/** Where the demo tells its story; lines that belong together stay together. */
final class Screen {
    private final PrintWriter out;

    Screen(PrintWriter out) {
        this.out = out;
    }

    synchronized void line(String line) {
        out.println(line);
        out.flush();
    }

    /** A chat message, framed. */
    synchronized void framed(String title, List<String> lines) {
        out.println("      ┌─ " + title);
        lines.forEach(line -> out.println("      │ " + line));
        out.println("      └─");
        out.flush();
    }

    /** A line that divides the story. */
    synchronized void chapter(String text) {
        out.println("──── " + text + " ────");
        out.flush();
    }
}
