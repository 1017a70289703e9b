//! Client for the RunInfra inference gateway.
