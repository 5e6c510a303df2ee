package io.driftwatch.benchmarks;

import java.util.List;
import java.util.Locale;

/** A piece of a Markdown page, as it grows. */
final class Markdown {
    private final StringBuilder text = new StringBuilder();

    Markdown heading(String heading) {
        text.append("### ").append(heading).append("\n\n");
        return this;
    }

    Markdown paragraph(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append("\n\n");
        return this;
    }

    /** A table; numbers stand to the right. */
    Markdown table(List<String> header, List<List<String>> rows) {
        row(header);
        row(header.stream().map(h -> h.equals(header.get(0)) ? "---" : "---:").toList());
        rows.forEach(this::row);
        text.append('\n');
        return this;
    }

    private void row(List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
