/** Pages about models and alerts, served beside the metrics. */
package io.spectrawatch.ops.console;
