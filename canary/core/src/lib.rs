//! Rows, plan, observation, judge and reports of the RunInfra canaries: pure.
