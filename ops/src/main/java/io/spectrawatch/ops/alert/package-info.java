/**
 * Alerts as people work with them: which stand, what lies behind one, and what was said of it.
 * Entry: {@link io.spectrawatch.ops.alert.AlertLog}.
 */
package io.spectrawatch.ops.alert;
