/** Options that several commands share. */
package io.spectrawatch.ops.cli.option;
