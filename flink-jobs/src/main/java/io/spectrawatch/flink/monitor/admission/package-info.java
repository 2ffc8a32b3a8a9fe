/** Which models and layers fit the memory, and what is said of those that do not. */
package io.spectrawatch.flink.monitor.admission;
