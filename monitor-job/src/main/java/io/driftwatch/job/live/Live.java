package io.driftwatch.job.live;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.util.UserCodeClassLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A setting of an operator that may change while the job runs: a part of the configuration, made
 * into what the operator needs. It changes only when the operator {@link #look looks}, so that what
 * it does at one time it does by one version of it. A look costs one volatile read. Used by one
 * thread, between {@link #open} and {@link #close}.
 *
 * @param <T> what the operator needs; need not be serializable
 */
public final class Live<T> implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(Live.class);

    /** Makes a configuration into what an operator needs. */
    @FunctionalInterface
    public interface View<T> extends Serializable {
        /**
         * Makes one.
         *
         * @param appliedOrNull what was applied; null for what the job was built with
         * @throws IOException if a file of the job's own cannot be read
         */
        T of(Applied appliedOrNull, RuntimeContext context) throws IOException;
    }

    /** As above, of all that the follower still knows, the newest first. */
    @FunctionalInterface
    private interface ViewOfAll<T> extends Serializable {
        T of(List<Applied> known, RuntimeContext context) throws IOException;
    }

    private final LiveControl control;
    private final ViewOfAll<T> view;
    private transient ConfigFollower.Lease lease;
    private transient long seen;
    private transient boolean isLookedAt;
    private transient RuntimeContext context;
    private transient Set<String> waitedFor;
    private transient T value;

    private Live(LiveControl control, ViewOfAll<T> view) {
        this.control = control;
        this.view = Objects.requireNonNull(view, "view");
    }

    /** A setting that never changes, and needs no {@link #open}. */
    public static <T extends Serializable> Live<T> fixed(T value) {
        Live<T> fixed = new Live<>(null, (known, context) -> value);
        fixed.value = value;
        return fixed;
    }

    /**
     * A setting that follows the control topic.
     *
     * @param controlOrNull null for one that stays as the job was built
     */
    public static <T> Live<T> of(LiveControl controlOrNull, View<T> view) {
        Objects.requireNonNull(view, "view");
        return new Live<>(controlOrNull, (known, context) -> view.of(known.get(0), context));
    }

    /**
     * A setting that knows what was in force before too: of the last few configurations with other
     * features, the newest first.
     *
     * @param controlOrNull null for one that stays as the job was built
     */
    public static <T> Live<List<T>> ofAll(LiveControl controlOrNull, View<T> view) {
        Objects.requireNonNull(view, "view");
        return new Live<>(
                controlOrNull,
                (known, context) -> {
                    List<T> all = new ArrayList<>();
                    for (Applied each : known) {
                        all.add(view.of(each, context));
                    }
                    return List.copyOf(all);
                });
    }

    /** Says whether it may change at all. */
    public boolean mayChange() {
        return control != null;
    }

    /**
     * Begins to follow; what is in force then is what {@link #get} gives until the next look.
     *
     * @throws IOException if the control topic or a file of the job cannot be read
     */
    public void open(RuntimeContext runtime) throws IOException {
        context = runtime;
        open();
        if (lease != null) {
            lease.register(runtime);
        }
    }

    /**
     * As above, where nobody says when it is over, as in what a source is given to read records
     * with: it ends with the classes of the job in this process. The view gets no context.
     *
     * @throws IOException if the control topic cannot be read
     */
    public void open(UserCodeClassLoader job) throws IOException {
        open();
        if (lease != null) {
            ConfigFollower.Lease held = lease;
            job.registerReleaseHookIfAbsent("driftwatch-config-" + UUID.randomUUID(), held::close);
        }
    }

    private void open() throws IOException {
        waitedFor = new HashSet<>();
        if (control != null) {
            lease = ConfigFollower.follow(control);
            seen = lease.changes();
        }
        value = view.of(known(), context);
    }

    private List<Applied> known() {
        return lease == null ? Collections.singletonList(null) : lease.known();
    }

    /**
     * Takes up what is in force now.
     *
     * @return whether {@link #get} gives something else than after the last look; true at first
     */
    public boolean look() {
        boolean isNew = !isLookedAt;
        isLookedAt = true;
        if (lease != null && lease.changes() != seen) {
            seen = lease.changes();
            waitedFor.clear();
            change(known());
            isNew = true;
        }
        return isNew;
    }

    /** Returns what was in force at the last look. */
    public T get() {
        return value;
    }

    /**
     * Waits until there is something newer than at the last look, or for so long; but only once for
     * the same thing, which may be gone rather than to come.
     *
     * @param missing what is not there
     */
    public void awaitChange(String missing, Duration longest) throws InterruptedException {
        if (lease != null && waitedFor.add(missing)) {
            lease.awaitChange(seen, longest);
        }
    }

    private void change(List<Applied> known) {
        try {
            value = view.of(known, context);
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "Configuration version {} could not be taken up by {}; what was in force"
                            + " before stays",
                    known.get(0) == null ? "of the start" : known.get(0).version(),
                    context == null ? "a source" : context.getTaskInfo().getTaskName(),
                    e);
        }
    }

    /** Ends it; may be called without {@link #open}. */
    public void close() {
        if (lease != null) {
            lease.close();
            lease = null;
        }
    }
}
