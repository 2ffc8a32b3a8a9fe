/** A broker inside the process, for demos and tests. */
package io.spectrawatch.ops.broker;
