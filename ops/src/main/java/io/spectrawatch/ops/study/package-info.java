/** Studies of false alarms and delays on a real model. */
package io.spectrawatch.ops.study;
