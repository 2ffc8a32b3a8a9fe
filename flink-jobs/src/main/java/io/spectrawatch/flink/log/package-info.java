/**
 * The validated log as every job reads it: source, records, shards, panes, activations, and the
 * versioned binary forms in which jobs keep what they derive from it.
 */
package io.spectrawatch.flink.log;
