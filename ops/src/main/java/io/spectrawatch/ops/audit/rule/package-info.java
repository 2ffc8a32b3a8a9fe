/** When two records say the same: a rule for every field, bounds by the recomputed one. */
package io.spectrawatch.ops.audit.rule;
