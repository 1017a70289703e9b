//! A chat, whole and streamed. Set `RUNINFRA_API_KEY` and `RUNINFRA_LLM_MODEL`, and `RUNINFRA_BASE_URL` for another gateway.
#![expect(
    clippy::print_stdout,
    reason = "showing the answer is what this is for"
)]

use std::env;
use std::io::Write as _;

use runinfra::Client;
use runinfra::types::{ChatCompletionRequest, ChatMessage};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut builder = Client::builder().api_key(env::var("RUNINFRA_API_KEY")?);
    if let Ok(base_url) = env::var("RUNINFRA_BASE_URL") {
        builder = builder.base_url(base_url);
    }
    let client = builder.build()?;
    let model = env::var("RUNINFRA_LLM_MODEL")?;

    let messages = [
        ChatMessage::system("Be brief."),
        ChatMessage::user("Name three rivers."),
    ];
    let request = ChatCompletionRequest::new(model, messages).max_tokens(64_u32);
    let whole = client.chat().completions().create(request.clone()).await?;
    println!("{}\n", whole.text().unwrap_or_default());

    let mut stream = client.chat().completions().stream(request).await?;
    println!("request {}", stream.request_id().unwrap_or("without an id"));
    while let Some(event) = stream.next().await {
        print!("{}", event?.text().unwrap_or_default());
        std::io::stdout().flush()?;
    }
    println!();
    Ok(())
}
