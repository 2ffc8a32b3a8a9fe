/**
 * Records of topics for people and programs: any of them as JSON, and layers over their last panes.
 */
package io.spectrawatch.ops.show;
