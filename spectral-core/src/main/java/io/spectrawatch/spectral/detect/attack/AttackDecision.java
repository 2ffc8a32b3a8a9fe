package io.spectrawatch.spectral.detect.attack;

import java.util.List;

/**
 * What one pane did to the alerts on the stream.
 *
 * @param state the state after the pane
 * @param transitions alerts raised and resolved: the model's first, then by client
 */
public record AttackDecision(AttackState state, List<AttackTransition> transitions) {}
