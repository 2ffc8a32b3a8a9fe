/** The monitor as a service: one per deployment, from its checkpoints, ended when its job is. */
package io.spectrawatch.ops.monitor;
