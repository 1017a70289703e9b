//! The deployed models: what `GET /models` lists and what each model can do.

use serde::Serialize;

/// What kind of work a model does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Modality {
    Llm,
    Embedding,
    Image,
    Tts,
    Asr,
}

/// A capability that a request may need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Capability {
    Chat,
    Tools,
    StructuredOutput,
    Vision,
    Dimensions,
    Voices,
    ReferenceAudio,
    VerboseJson,
}

/// One deployed model.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) id: &'static str,
    pub(crate) created: u64,
    pub(crate) owned_by: &'static str,
    pub(crate) modality: Modality,
    pub(crate) capabilities: &'static [Capability],
    /// Longest prompt, in tokens (text models and embeddings).
    pub(crate) context_tokens: usize,
    /// Longest answer, in tokens.
    pub(crate) output_tokens: usize,
    /// Vector length of an embedding model.
    pub(crate) dimensions: usize,
}

impl Model {
    pub(crate) fn can(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }
}

/// The ids of the deployed models, one a modality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Models {
    /// Instruction-tuned text model: tools, structured output.
    pub llm: &'static str,
    /// A base text model: chat only, no tools and no structured output.
    pub base: &'static str,
    /// A text model that also reads images.
    pub vision: &'static str,
    /// Embeddings, with a `dimensions` parameter.
    pub embedding: &'static str,
    /// Images.
    pub image: &'static str,
    /// Speech, with named voices and with reference audio.
    pub tts: &'static str,
    /// Transcription.
    pub asr: &'static str,
}

/// The ids, as [`crate::Gateway::models`] hands them out.
pub(crate) const MODELS: Models = Models {
    llm: "llama-3.3-70b-instruct",
    base: "llama-3.1-8b-base",
    vision: "qwen2.5-vl-7b-instruct",
    embedding: "bge-m3",
    image: "flux-1-schnell",
    tts: "qwen3-tts",
    asr: "whisper-large-v3",
};

/// The catalog, in the order in which it is listed.
pub(crate) static CATALOG: [Model; 7] = [
    Model {
        id: MODELS.llm,
        created: 1_767_225_600,
        owned_by: "meta-llama",
        modality: Modality::Llm,
        capabilities: &[
            Capability::Chat,
            Capability::Tools,
            Capability::StructuredOutput,
        ],
        context_tokens: 8_192,
        output_tokens: 4_096,
        dimensions: 0,
    },
    Model {
        id: MODELS.base,
        created: 1_767_225_601,
        owned_by: "meta-llama",
        modality: Modality::Llm,
        capabilities: &[Capability::Chat],
        context_tokens: 8_192,
        output_tokens: 4_096,
        dimensions: 0,
    },
    Model {
        id: MODELS.vision,
        created: 1_767_225_602,
        owned_by: "qwen",
        modality: Modality::Llm,
        capabilities: &[
            Capability::Chat,
            Capability::Tools,
            Capability::StructuredOutput,
            Capability::Vision,
        ],
        context_tokens: 8_192,
        output_tokens: 4_096,
        dimensions: 0,
    },
    Model {
        id: MODELS.embedding,
        created: 1_767_225_603,
        owned_by: "baai",
        modality: Modality::Embedding,
        capabilities: &[Capability::Dimensions],
        context_tokens: 8_192,
        output_tokens: 0,
        dimensions: 1_024,
    },
    Model {
        id: MODELS.image,
        created: 1_767_225_604,
        owned_by: "black-forest-labs",
        modality: Modality::Image,
        capabilities: &[],
        context_tokens: 4_096,
        output_tokens: 0,
        dimensions: 0,
    },
    Model {
        id: MODELS.tts,
        created: 1_767_225_605,
        owned_by: "qwen",
        modality: Modality::Tts,
        capabilities: &[Capability::Voices, Capability::ReferenceAudio],
        context_tokens: 4_096,
        output_tokens: 0,
        dimensions: 0,
    },
    Model {
        id: MODELS.asr,
        created: 1_767_225_606,
        owned_by: "openai",
        modality: Modality::Asr,
        capabilities: &[Capability::VerboseJson],
        context_tokens: 4_096,
        output_tokens: 0,
        dimensions: 0,
    },
];

/// The deployed model with exactly this id.
pub(crate) fn find(id: &str) -> Option<&'static Model> {
    CATALOG.iter().find(|model| model.id == id)
}
