/**
 * Tests over many samples: exceedances per pane, surges within one, and the clients behind them.
 */
package io.spectrawatch.spectral.detect.attack;
