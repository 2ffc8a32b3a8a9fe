/** Completion of commands for shells that picocli knows nothing of. */
package io.spectrawatch.ops.cli.completion;
