/** Settings of the monitor, and what memory they leave to a model. */
package io.spectrawatch.flink.monitor.config;
