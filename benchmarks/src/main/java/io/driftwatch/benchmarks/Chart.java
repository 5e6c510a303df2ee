package io.driftwatch.benchmarks;

import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A line chart as SVG. It brings its own background, so that it reads the same on light and dark
 * pages, and writes coordinates to a tenth of a pixel, so that files stay small.
 */
final class Chart {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int TOP = 50;
    private static final int RIGHT = 530;
    private static final int BOTTOM = 360;
    private static final int LEGEND = RIGHT + 16;
    private static final int LEGEND_LINE = 22;

    private final String title;
    private final Axis x;
    private final Axis y;
    private final StringBuilder grid = new StringBuilder();
    private final StringBuilder plot = new StringBuilder();
    private final StringBuilder legend = new StringBuilder();
    private int legendLines;

    /** How a line is drawn. The colours can be told apart by the colour-blind. */
    enum Style {
        BLUE("#0072b2", ""),
        RED("#c44e00", ""),
        GREEN("#00795a", ""),
        DASHED("#333333", "6 4"),
        DOTTED("#8a5a00", "2 3"),
        DOT_DASHED("#8f3f71", "8 3 2 3");

        private final String colour;
        private final String dashes;

        Style(String colour, String dashes) {
            this.colour = colour;
            this.dashes = dashes;
        }

        private String stroke() {
            return "stroke=\""
                    + colour
                    + "\" stroke-width=\"2\""
                    + (dashes.isEmpty() ? "" : " stroke-dasharray=\"" + dashes + "\"");
        }
    }

    /**
     * One of the two axes.
     *
     * @param from what stands at the lower end; above 0 if logarithmic
     * @param format how its numbers are written
     * @param ticks where it has numbers
     */
    record Axis(
            String label,
            double from,
            double to,
            boolean logarithmic,
            DoubleFunction<String> format,
            double... ticks) {

        /** 0 at the lower end, 1 at the upper one; what lies beyond is drawn at the end. */
        private double position(double value) {
            double inside = Math.max(from, Math.min(to, value));
            return logarithmic
                    ? Math.log(inside / from) / Math.log(to / from)
                    : (inside - from) / (to - from);
        }
    }

    Chart(String title, Axis x, Axis y) {
        this.title = title;
        this.x = x;
        this.y = y;
        for (double tick : x.ticks()) {
            double at = x(tick);
            line(grid, at, TOP, at, BOTTOM, "stroke=\"#dddddd\"");
            text(grid, at, BOTTOM + 18, "middle", "12", x.format().apply(tick));
        }
        for (double tick : y.ticks()) {
            double at = y(tick);
            line(grid, LEFT, at, RIGHT, at, "stroke=\"#dddddd\"");
            text(grid, LEFT - 8, at + 4, "end", "12", y.format().apply(tick));
        }
        line(grid, LEFT, BOTTOM, RIGHT, BOTTOM, "stroke=\"#333333\"");
        line(grid, LEFT, TOP, LEFT, BOTTOM, "stroke=\"#333333\"");
        text(grid, (LEFT + RIGHT) / 2.0, HEIGHT - 16, "middle", "13", x.label());
        append(
                grid,
                "<text transform=\"translate(18 %d) rotate(-90)\" text-anchor=\"middle\""
                        + " font-size=\"13\">%s</text>\n",
                (TOP + BOTTOM) / 2,
                escape(y.label()));
    }

    /** A line through points from left to right. */
    Chart line(String name, Style style, double[] xs, double[] ys) {
        append(
                plot,
                "<polyline fill=\"none\" %s points=\"%s\"/>\n",
                style.stroke(),
                points(xs, ys));
        double at = legendEntry(name);
        line(legend, LEGEND, at, LEGEND + 24, at, style.stroke());
        return this;
    }

    /** A line at one height, from end to end. */
    Chart level(String name, Style style, double value) {
        return line(name, style, new double[] {x.from(), x.to()}, new double[] {value, value});
    }

    /** The area between two lines. */
    Chart band(String name, Style style, double[] xs, double[] low, double[] high) {
        int last = xs.length - 1;
        double[] backX = IntStream.rangeClosed(0, last).mapToDouble(i -> xs[last - i]).toArray();
        double[] backHigh =
                IntStream.rangeClosed(0, last).mapToDouble(i -> high[last - i]).toArray();
        String paint = "fill=\"" + style.colour + "\" fill-opacity=\"0.2\"";
        append(
                plot,
                "<polygon %s points=\"%s %s\"/>\n",
                paint,
                points(xs, low),
                points(backX, backHigh));
        append(
                legend,
                "<rect x=\"%d\" y=\"%.1f\" width=\"24\" height=\"12\" %s/>\n",
                LEGEND,
                legendEntry(name) - 6,
                paint);
        return this;
    }

    /** Points that no line joins, each with an interval. */
    Chart points(String name, Style style, double[] xs, double[] ys, double[] low, double[] high) {
        for (int i = 0; i < xs.length; i++) {
            line(plot, x(xs[i]), y(low[i]), x(xs[i]), y(high[i]), style.stroke());
            circle(plot, x(xs[i]), y(ys[i]), style);
        }
        circle(legend, LEGEND + 12, legendEntry(name), style);
        return this;
    }

    String svg() {
        StringBuilder svg = new StringBuilder();
        append(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                        + " height=\"%d\" role=\"img\" font-family=\"sans-serif\" fill=\"#222222\">\n",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT);
        append(svg, "<title>%s</title>\n", escape(title));
        append(
                svg,
                "<rect width=\"%d\" height=\"%d\" rx=\"6\" fill=\"#f7f7f5\"/>\n",
                WIDTH,
                HEIGHT);
        text(svg, LEFT, 28, "start", "16", title);
        return svg.append(grid).append(plot).append(legend).append("</svg>\n").toString();
    }

    private double x(double value) {
        return LEFT + x.position(value) * (RIGHT - LEFT);
    }

    private double y(double value) {
        return BOTTOM - y.position(value) * (BOTTOM - TOP);
    }

    private String points(double[] xs, double[] ys) {
        return IntStream.range(0, xs.length)
                .mapToObj(i -> String.format(Locale.ROOT, "%.1f,%.1f", x(xs[i]), y(ys[i])))
                .collect(Collectors.joining(" "));
    }

    /** The height of the next line of the legend, whose text is written. */
    private double legendEntry(String name) {
        double at = TOP + 8 + LEGEND_LINE * legendLines++;
        text(legend, LEGEND + 32, at + 4, "start", "12", name);
        return at;
    }

    private static void line(
            StringBuilder to, double x1, double y1, double x2, double y2, String stroke) {
        append(
                to,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>\n",
                x1,
                y1,
                x2,
                y2,
                stroke);
    }

    private static void circle(StringBuilder to, double x, double y, Style style) {
        append(to, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>\n", x, y, style.colour);
    }

    private static void text(
            StringBuilder to, double x, double y, String anchor, String size, String text) {
        append(
                to,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%s\">%s</text>\n",
                x,
                y,
                anchor,
                size,
                escape(text));
    }

    private static void append(StringBuilder to, String format, Object... values) {
        to.append(String.format(Locale.ROOT, format, values));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
