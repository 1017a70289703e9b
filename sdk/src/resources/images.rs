use crate::answer::Answer;
use crate::client::Client;
use crate::error::Error;
use crate::exchange;
use crate::options::RequestOptions;
use crate::request::Recipe;
use crate::retry::policy::Replay;
use crate::types::{ImageList, ImageRequest};

/// Image generation.
#[derive(Clone, Copy, Debug)]
pub struct Images<'a> {
    client: &'a Client,
}

impl<'a> Images<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Generates images: `POST /images/generations`. Sent once, key or no key.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().image;
    /// use runinfra::types::{ImageFormat, ImageRequest};
    ///
    /// let request = ImageRequest::new(model, "a fox in the snow").size("64x64").response_format(ImageFormat::B64Json);
    /// let images = client.images().generate(request).await?;
    /// let image = images.data[0].bytes().ok_or("a URL, not data")??;
    /// # assert!(image.starts_with(b"\x89PNG"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub fn generate(
        self,
        request: ImageRequest,
    ) -> impl Future<Output = Result<Answer<ImageList>, Error>> + Send {
        self.generate_with(request, RequestOptions::default())
    }

    /// [`generate`](Self::generate), with options.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().image;
    /// use std::time::Duration;
    /// use runinfra::RequestOptions;
    /// use runinfra::types::ImageRequest;
    ///
    /// let options = RequestOptions::new().timeout(Duration::from_secs(300));
    /// let images = client.images().generate_with(ImageRequest::new(model, "a fox").size("64x64"), options).await?;
    /// println!("{:?}", images.data[0].url);
    /// # assert!(images.created > 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub fn generate_with(
        self,
        request: ImageRequest,
        options: RequestOptions,
    ) -> impl Future<Output = Result<Answer<ImageList>, Error>> + Send {
        let core = &*self.client.core;
        let url = &core.routes.images;
        let recipe = Recipe::json("images.generate", url, &request, Replay::Never);
        exchange::json(core, recipe, &options)
    }
}
