//! The `canary` command.

fn main() -> std::process::ExitCode {
    canary_executor::cli::main()
}
