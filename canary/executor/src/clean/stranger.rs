//! What somebody writes first: the catalog, an answer, and the same answer as a stream.

use std::env;

use runinfra::Client;
use runinfra::types::{ChatCompletionRequest, ChatMessage};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .api_key(env::var("RUNINFRA_API_KEY")?)
        .base_url(env::var("RUNINFRA_BASE_URL")?)
        .build()?;
    let model = env::var("RUNINFRA_LLM_MODEL")?;

    let models = client.models().list().await?;
    if !models.data.iter().any(|listed| listed.id == model) {
        return Err("the catalog lacks the model".into());
    }

    let messages = [ChatMessage::user("Name three rivers.")];
    let request = ChatCompletionRequest::new(model, messages).max_tokens(32_u32);
    let whole = client.chat().completions().create(request.clone()).await?;
    if whole.text().unwrap_or_default().is_empty() {
        return Err("the answer is empty".into());
    }

    let mut stream = client.chat().completions().stream(request).await?;
    let mut streamed = String::new();
    while let Some(event) = stream.next().await {
        streamed.push_str(event?.text().unwrap_or_default());
    }
    if streamed.is_empty() {
        return Err("the stream is empty".into());
    }
    println!("a stranger listed {} models, chatted and streamed", models.data.len());
    Ok(())
}
