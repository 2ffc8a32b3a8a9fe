/** Topics: plan, creation, comparison, roles. */
package io.spectrawatch.ops.admin;
