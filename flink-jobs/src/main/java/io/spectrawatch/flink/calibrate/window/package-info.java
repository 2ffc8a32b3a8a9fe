/** First stage: what the range holds, and the windows of its layers. */
package io.spectrawatch.flink.calibrate.window;
