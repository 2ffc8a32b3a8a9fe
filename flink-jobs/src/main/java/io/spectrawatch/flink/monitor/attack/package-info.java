/** Tests over a model's samples as panes close: attacks, surges, outgrown gain. */
package io.spectrawatch.flink.monitor.attack;
