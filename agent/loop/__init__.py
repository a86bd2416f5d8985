"""The tool-calling loop and what decides over it: identity, policy, effects, hand-off."""
