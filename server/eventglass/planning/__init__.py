"""3. Spec to plan: every default and relative value made explicit. Pure, typed, frozen."""
