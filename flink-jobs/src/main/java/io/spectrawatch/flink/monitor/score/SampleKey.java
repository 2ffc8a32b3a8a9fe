package io.spectrawatch.flink.monitor.score;

/** What tells the samples of several parts apart that are open at a time. */
record SampleKey(String captureId, String id) {}
