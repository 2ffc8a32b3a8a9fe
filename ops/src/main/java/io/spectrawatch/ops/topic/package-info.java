/** A range of a topic, by time or by offsets. */
package io.spectrawatch.ops.topic;
