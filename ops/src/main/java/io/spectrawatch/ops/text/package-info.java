/** Text that terminals and pages can show. */
package io.spectrawatch.ops.text;
