//! Finds the nearest of a few texts by their embeddings, without an async runtime. Set `RUNINFRA_API_KEY` and
//! `RUNINFRA_EMBEDDING_MODEL`, and `RUNINFRA_BASE_URL` for another gateway. Needs the feature `blocking`.
#![expect(
    clippy::print_stdout,
    reason = "showing the answer is what this is for"
)]

use std::env;

use runinfra::blocking::Client;
use runinfra::types::EmbeddingRequest;

const TEXTS: [&str; 3] = [
    "the cat sleeps on the sofa",
    "interest rates rise again",
    "the train leaves at noon",
];
const QUESTION: &str = "a kitten naps on a couch";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut builder = runinfra::Client::builder().api_key(env::var("RUNINFRA_API_KEY")?);
    if let Ok(base_url) = env::var("RUNINFRA_BASE_URL") {
        builder = builder.base_url(base_url);
    }
    let client = Client::new(builder)?;

    let texts: Vec<&str> = TEXTS.into_iter().chain([QUESTION]).collect();
    let request = EmbeddingRequest::new(env::var("RUNINFRA_EMBEDDING_MODEL")?, texts);
    let vectors = client.embeddings().create(request)?.into_value().data;
    let [texts @ .., question] = vectors.as_slice() else {
        return Err("no vectors".into());
    };
    for (text, vector) in TEXTS.iter().zip(texts) {
        let pairs = vector.embedding.iter().zip(&question.embedding);
        let similarity: f32 = pairs.map(|(a, b)| a * b).sum();
        println!("{similarity:.3}  {text}");
    }
    Ok(())
}
