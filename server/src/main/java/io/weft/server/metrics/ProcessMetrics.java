package io.weft.server.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the JVM says of this process, under the names every Java program shows it by. Thread-safe.
final class ProcessMetrics implements MultiCollector {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MS_PER_SECOND = 1e3;

  @Override
  public MetricSnapshots collect() {
    return new Families()
        .counter("process_cpu_seconds", "CPU time, user and system", cpuSeconds())
        .gauges("jvm_memory_used_bytes", "memory in use", memory(MemoryUsage::getUsed))
        .gauges("jvm_memory_committed_bytes", "taken", memory(MemoryUsage::getCommitted))
        .gauges("jvm_memory_max_bytes", "the limit; -1: none", memory(MemoryUsage::getMax))
        .gauges("jvm_buffer_pool_used_bytes", "memory of buffers outside the heap", buffers())
        .counters("jvm_gc_collections", "garbage collections", collections())
        .counters("jvm_gc_seconds", "time in garbage collections", collectionSeconds())
        .gauge(
            "jvm_threads_current",
            "platform threads; virtual ones are not counted",
            ManagementFactory.getThreadMXBean().getThreadCount())
        .toSnapshots();
  }

  private static double cpuSeconds() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean machine
        ? Math.max(0, machine.getProcessCpuTime()) / NANOS_PER_SECOND
        : 0;
  }

  private interface Part {
    long of(MemoryUsage usage);
  }

  private static Map<Labels, Double> memory(Part part) {
    var memory = ManagementFactory.getMemoryMXBean();
    Map<Labels, Double> values = new LinkedHashMap<>();
    values.put(Labels.of("area", "heap"), (double) part.of(memory.getHeapMemoryUsage()));
    values.put(Labels.of("area", "nonheap"), (double) part.of(memory.getNonHeapMemoryUsage()));
    return values;
  }

  private static Map<Labels, Double> buffers() {
    Map<Labels, Double> values = new LinkedHashMap<>();
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      values.put(Labels.of("pool", pool.getName()), (double) pool.getMemoryUsed());
    }
    return values;
  }

  private static Map<Labels, Double> collections() {
    Map<Labels, Double> values = new LinkedHashMap<>();
    for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
      values.put(Labels.of("gc", gc.getName()), (double) Math.max(0, gc.getCollectionCount()));
    }
    return values;
  }

  private static Map<Labels, Double> collectionSeconds() {
    Map<Labels, Double> values = new LinkedHashMap<>();
    for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
      values.put(
          Labels.of("gc", gc.getName()), Math.max(0, gc.getCollectionTime()) / MS_PER_SECOND);
    }
    return values;
  }
}
