package io.driftwatch.job.live;

/** Who works with the program. */
public final class Author {
    private Author() {}

    /** Returns the name of the user of this process. */
    public static String here() {
        String name = System.getProperty("user.name");
        return name == null || name.isBlank() ? "unknown" : name;
    }
}
