//! The plan: which rows can run with the inputs at hand. Preflight ends here, and a run begins
//! here.

use std::collections::BTreeSet;

use crate::{
    input::{Inputs, Unmet},
    matrix::{Matrix, Row},
    report::v1::{
        EnvState, Partition, Readiness, ReadinessSummary, ReadyStatus, RowReadiness,
        SurfaceCoverage,
    },
};

/// Every row with what it lacks.
#[derive(Debug)]
pub struct Plan<'m> {
    /// In the order of the matrix.
    pub rows: Vec<PlannedRow<'m>>,
}

/// One row and what it lacks.
#[derive(Debug)]
pub struct PlannedRow<'m> {
    /// The row.
    pub row: &'m Row,
    /// What keeps it from running; empty when it can.
    pub unmet: Vec<Unmet>,
    /// Names of the inputs that it lacks, sorted.
    pub missing: Vec<String>,
}

impl PlannedRow<'_> {
    /// Whether the row can run.
    pub fn is_ready(&self) -> bool {
        self.unmet.is_empty()
    }
}

impl<'m> Plan<'m> {
    /// Puts rows and inputs together.
    pub fn resolve(matrix: &'m Matrix, inputs: &Inputs) -> Self {
        let planned = |row: &'m Row| PlannedRow {
            row,
            unmet: inputs.unmet(&row.needs),
            missing: inputs.missing(&row.needs),
        };
        Self {
            rows: matrix.rows().iter().map(planned).collect(),
        }
    }

    /// The rows of one share.
    #[must_use]
    pub fn share(self, partition: Partition) -> Self {
        Self {
            rows: partition.share(self.rows).collect(),
        }
    }

    /// Whether every row can run.
    pub fn is_ready(&self) -> bool {
        self.rows.iter().all(PlannedRow::is_ready)
    }

    /// What preflight reports.
    pub fn readiness(&self, matrix: &Matrix, inputs: &Inputs) -> Readiness {
        let rows: Vec<RowReadiness> = self
            .rows
            .iter()
            .map(|planned| RowReadiness {
                name: planned.row.name.clone(),
                status: ready(planned.is_ready()),
                missing: planned.missing.clone(),
            })
            .collect();
        let missing: BTreeSet<String> = self
            .rows
            .iter()
            .flat_map(|planned| planned.missing.clone())
            .collect();
        let ready_rows = self
            .rows
            .iter()
            .filter(|planned| planned.is_ready())
            .count() as u64;
        let row_coverage_errors = coverage_errors(matrix);
        Readiness {
            status: ready(self.is_ready() && row_coverage_errors.is_empty()),
            env: env_states(inputs),
            aliases: inputs.aliases(),
            missing: missing.into_iter().collect(),
            row_coverage_errors,
            summary: ReadinessSummary {
                ready: ready_rows,
                blocked: self.rows.len() as u64 - ready_rows,
            },
            rows,
        }
    }
}

fn ready(is: bool) -> ReadyStatus {
    if is {
        ReadyStatus::Ready
    } else {
        ReadyStatus::Blocked
    }
}

/// Which inputs are set, as reports say it.
pub fn env_states(inputs: &Inputs) -> std::collections::BTreeMap<String, EnvState> {
    inputs
        .report()
        .into_iter()
        .map(|(name, reported)| {
            let state = match reported {
                crate::input::Reported::SetRedacted => EnvState::SetRedacted,
                crate::input::Reported::Missing => EnvState::Missing,
            };
            (name, state)
        })
        .collect()
}

/// Which SDK operations the rows prove, and which none does.
pub fn surface_coverage(matrix: &Matrix) -> SurfaceCoverage {
    let operations: std::collections::BTreeMap<String, Vec<String>> = matrix
        .surface_rows()
        .into_iter()
        .map(|(surface, rows)| {
            (
                surface.to_owned(),
                rows.into_iter().map(str::to_owned).collect(),
            )
        })
        .collect();
    let uncovered = operations
        .iter()
        .filter(|(_, rows)| rows.is_empty())
        .map(|(surface, _)| surface.clone())
        .collect();
    SurfaceCoverage {
        operations,
        uncovered,
    }
}

/// Operations without a row.
fn coverage_errors(matrix: &Matrix) -> Vec<String> {
    surface_coverage(matrix).uncovered
}

#[cfg(test)]
mod tests;
