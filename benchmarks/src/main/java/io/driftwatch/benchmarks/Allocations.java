package io.driftwatch.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * What each thread of this process has allocated since it began, in bytes. What a thread allocates
 * that ends between two looks is missed.
 */
record Allocations(Map<Long, Long> byThread) {

    static Allocations now() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] ids = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        Map<Long, Long> byThread = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            // Negative: the thread has ended meanwhile.
            if (bytes[i] >= 0) {
                byThread.put(ids[i], bytes[i]);
            }
        }
        return new Allocations(byThread);
    }

    /** Bytes allocated since the earlier look, by threads that are still there. */
    long since(Allocations earlier) {
        long total = 0;
        for (Map.Entry<Long, Long> thread : byThread.entrySet()) {
            total += thread.getValue() - earlier.byThread.getOrDefault(thread.getKey(), 0L);
        }
        return total;
    }
}
