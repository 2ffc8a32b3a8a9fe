package io.spectrawatch.spectral.certificate.alert;

import java.util.List;

/**
 * What one pane did to an interface's alerts.
 *
 * @param state the state after the pane
 * @param transitions alerts raised and resolved by it, in the order of their kinds
 */
public record AlertDecision(AlertState state, List<AlertTransition> transitions) {}
