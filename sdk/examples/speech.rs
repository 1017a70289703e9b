//! Speaks a sentence and transcribes what was spoken. Set `RUNINFRA_API_KEY`, `RUNINFRA_TTS_MODEL`, `RUNINFRA_TTS_VOICE` and
//! `RUNINFRA_ASR_MODEL`, and `RUNINFRA_BASE_URL` for another gateway.
#![expect(
    clippy::print_stdout,
    reason = "showing the answer is what this is for"
)]

use std::env;

use runinfra::Client;
use runinfra::types::{SpeechFormat, SpeechRequest, TranscriptionRequest};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut builder = Client::builder().api_key(env::var("RUNINFRA_API_KEY")?);
    if let Ok(base_url) = env::var("RUNINFRA_BASE_URL") {
        builder = builder.base_url(base_url);
    }
    let client = builder.build()?;

    let (model, voice) = (
        env::var("RUNINFRA_TTS_MODEL")?,
        env::var("RUNINFRA_TTS_VOICE")?,
    );
    let request =
        SpeechRequest::new(model, "the quick brown fox", voice).response_format(SpeechFormat::Wav);
    let mut audio = client.audio().speech().create(request).await?.into_stream();
    let mut wav = Vec::new();
    while let Some(piece) = audio.next().await {
        wav.extend_from_slice(&piece?);
    }
    println!("{} bytes of audio", wav.len());

    let request = TranscriptionRequest::new(env::var("RUNINFRA_ASR_MODEL")?, wav).language("en");
    let heard = client.audio().transcriptions().create(request).await?;
    println!("{}", heard.text);
    Ok(())
}
