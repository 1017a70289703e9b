//! What the gate is told: the only place where secrets are.

/// What the gate's step is given. Production's address is the SDK's own, so none is named here.
pub(super) const GATE_ENV: &[(&str, &str)] = &[
    ("RUNINFRA_API_KEY", "${{ secrets.RUNINFRA_API_KEY }}"),
    (
        "RUNINFRA_PIPELINE_API_KEY",
        "${{ secrets.RUNINFRA_PIPELINE_API_KEY }}",
    ),
    (
        "RUNINFRA_VOICE_PIPELINE_API_KEY",
        "${{ secrets.RUNINFRA_VOICE_PIPELINE_API_KEY }}",
    ),
    (
        "RUNINFRA_ASR_FIXTURE_BASE64",
        "${{ secrets.RUNINFRA_ASR_FIXTURE_BASE64 }}",
    ),
    (
        "RUNINFRA_ASR_EXPECTED_TEXT",
        "${{ secrets.RUNINFRA_ASR_EXPECTED_TEXT }}",
    ),
    (
        "RUNINFRA_VOICE_PIPELINE_AUDIO_BASE64",
        "${{ secrets.RUNINFRA_VOICE_PIPELINE_AUDIO_BASE64 }}",
    ),
    (
        "RUNINFRA_VOICE_PIPELINE_EXPECTED_TEXT",
        "${{ secrets.RUNINFRA_VOICE_PIPELINE_EXPECTED_TEXT }}",
    ),
    (
        "RUNINFRA_TTS_REF_AUDIO",
        "${{ secrets.RUNINFRA_TTS_REF_AUDIO }}",
    ),
    (
        "RUNINFRA_TTS_REF_TEXT",
        "${{ secrets.RUNINFRA_TTS_REF_TEXT }}",
    ),
    ("RUNINFRA_LLM_MODEL", "${{ vars.RUNINFRA_LLM_MODEL }}"),
    (
        "RUNINFRA_EMBEDDING_MODEL",
        "${{ vars.RUNINFRA_EMBEDDING_MODEL }}",
    ),
    (
        "RUNINFRA_EMBEDDING_DIMENSIONS",
        "${{ vars.RUNINFRA_EMBEDDING_DIMENSIONS }}",
    ),
    ("RUNINFRA_IMAGE_MODEL", "${{ vars.RUNINFRA_IMAGE_MODEL }}"),
    ("RUNINFRA_IMAGE_SIZE", "${{ vars.RUNINFRA_IMAGE_SIZE }}"),
    (
        "RUNINFRA_IMAGE_RESPONSE_FORMAT",
        "${{ vars.RUNINFRA_IMAGE_RESPONSE_FORMAT }}",
    ),
    ("RUNINFRA_TTS_MODEL", "${{ vars.RUNINFRA_TTS_MODEL }}"),
    ("RUNINFRA_TTS_VOICE", "${{ vars.RUNINFRA_TTS_VOICE }}"),
    (
        "RUNINFRA_TTS_RESPONSE_FORMAT",
        "${{ vars.RUNINFRA_TTS_RESPONSE_FORMAT }}",
    ),
    ("RUNINFRA_ASR_MODEL", "${{ vars.RUNINFRA_ASR_MODEL }}"),
    ("RUNINFRA_ASR_LANGUAGE", "${{ vars.RUNINFRA_ASR_LANGUAGE }}"),
    (
        "RUNINFRA_ASR_RESPONSE_FORMAT",
        "${{ vars.RUNINFRA_ASR_RESPONSE_FORMAT }}",
    ),
    (
        "RUNINFRA_VOICE_PIPELINE_ID",
        "${{ vars.RUNINFRA_VOICE_PIPELINE_ID }}",
    ),
    ("RUNINFRA_CANARY_ENABLE_IDEMPOTENCY", "1"),
];
