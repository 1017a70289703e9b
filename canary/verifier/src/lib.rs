//! Decides, offline, whether a pair of reports may promote a release.
