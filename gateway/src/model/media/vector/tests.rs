use proptest::prelude::*;

use super::embed;

fn similarity(a: &str, b: &str) -> f32 {
    similarity_in(a, b, 256)
}

fn similarity_in(a: &str, b: &str, dimensions: usize) -> f32 {
    embed(a, dimensions)
        .iter()
        .zip(embed(b, dimensions))
        .map(|(x, y)| x * y)
        .sum()
}

/// A text, one that means nearly the same, one that does not.
const TRIPLES: [(&str, &str, &str); 48] = [
    (
        "The cat sat on the mat",
        "A kitten rested on the rug",
        "Quarterly revenue grew nine percent",
    ),
    (
        "A dog chased the ball",
        "The puppy ran after a ball",
        "The bank raised its mortgage rate",
    ),
    (
        "I love my car",
        "She adores her automobile",
        "Soup tastes of garlic",
    ),
    (
        "The doctor treated the patient",
        "A physician cured the sick man",
        "The train left the station",
    ),
    (
        "Heavy rain is expected tomorrow",
        "A downpour is forecast for the morning",
        "The chef baked bread",
    ),
    (
        "He fixed a bug in the program",
        "The developer debugged the code",
        "The nurse gave me a pill",
    ),
    (
        "She is very happy today",
        "A joyful and cheerful woman",
        "The server lost its database",
    ),
    (
        "The company made a profit",
        "The firm reported earnings",
        "The frog jumped into the pond",
    ),
    (
        "We ate pasta for dinner",
        "They had spaghetti for supper",
        "The court sentenced the thief",
    ),
    (
        "The plane landed at the airport",
        "An aircraft arrived at the terminal",
        "The baby is asleep",
    ),
    (
        "He was angry with his brother",
        "She was furious at her sister",
        "Sugar is sweet",
    ),
    (
        "The children play in the park",
        "Kids are playing in the garden",
        "Inflation hurts the economy",
    ),
    (
        "The student read a book",
        "A pupil studied the novel",
        "Snow fell on the highway",
    ),
    (
        "The ship crossed the ocean",
        "A vessel sailed over the sea",
        "My password was stolen",
    ),
    (
        "The king ruled the country",
        "A queen governed the nation",
        "The engine needs diesel",
    ),
    (
        "I forgot my password",
        "My login credential is lost",
        "The lion sleeps tonight",
    ),
    (
        "Stocks fell sharply",
        "Share prices dropped",
        "Roses bloom in spring",
    ),
    (
        "The surgeon operated on his heart",
        "Cardiac surgery by a medic",
        "The team won the match",
    ),
    (
        "The team won the football match",
        "Our squad triumphed in the soccer game",
        "He wrote a letter to the bank",
    ),
    (
        "An astronaut flew to the moon",
        "A spacecraft went on a lunar voyage",
        "She cooked a vegetable stew",
    ),
    (
        "The singer gave a concert",
        "A vocalist performed songs with an orchestra",
        "The judge sent him to jail",
    ),
    (
        "The film was boring",
        "A dull and tedious movie",
        "Wheat is harvested in July",
    ),
    (
        "It is freezing outside",
        "The weather is cold and icy",
        "The lawyer read the contract",
    ),
    (
        "Buy cheap shoes",
        "Purchase affordable sneakers",
        "The volcano erupted",
    ),
    (
        "The police arrested the thief",
        "An officer caught the burglar",
        "The cake is in the oven",
    ),
    (
        "Deploy the application to the server",
        "Ship the app to the backend host",
        "A lake in the mountains",
    ),
    (
        "The river flows through the city",
        "A stream runs across the town",
        "Her tooth hurts",
    ),
    (
        "The farmer planted corn",
        "A grower sowed wheat crops",
        "The API returned an error",
    ),
    ("The house is big", "A large home", "The vote was delayed"),
    (
        "They were afraid of the dark",
        "Scared and frightened at night",
        "Invoice the customer",
    ),
    (
        "Vaccines prevent infections",
        "Immunization stops disease",
        "The guitar is out of tune",
    ),
    (
        "The meeting starts soon",
        "The conference begins later today",
        "A bear in the forest",
    ),
    (
        "He drank coffee in a cafe",
        "She had an espresso at the bistro",
        "Quantum particles are strange",
    ),
    (
        "The senator lost the election",
        "A politician was defeated in the vote",
        "The rabbit ate a carrot",
    ),
    (
        "The tree lost its leaves",
        "Autumn foliage of an oak",
        "He repaired the motorcycle",
    ),
    (
        "The teacher asked a question",
        "The professor put an inquiry to the class",
        "Petrol is expensive",
    ),
    (
        "My bicycle has a flat tyre",
        "The bike's wheel is broken",
        "The poem is beautiful",
    ),
    (
        "Encrypt the data",
        "Use cryptography on the records",
        "The sheep are on the hill",
    ),
    (
        "The soldiers fought a battle",
        "Troops went into combat in the war",
        "Butter the toast",
    ),
    (
        "The hotel was near the beach",
        "An inn at the seaside",
        "Compile the source code",
    ),
    (
        "A loud noise scared me",
        "I was frightened by a noisy crash",
        "Taxes rise next year",
    ),
    (
        "The baby cried all night",
        "An infant wept until morning",
        "Shareholders bought equity",
    ),
    (
        "Wash the dishes",
        "Clean the plates",
        "The telescope sees distant galaxies",
    ),
    (
        "He writes poetry",
        "She composed a verse",
        "The bus is stuck in traffic",
    ),
    (
        "The old man walked slowly",
        "An elderly gentleman strolled",
        "The query was cached in memory",
    ),
    (
        "Fish swim in the sea",
        "Salmon dive in the ocean",
        "The credit card was charged",
    ),
    (
        "The forecast says sunshine",
        "Sunny weather is predicted",
        "He signed the agreement",
    ),
    (
        "Turn on the lamp",
        "Switch the light on",
        "The prince married",
    ),
];

#[test]
fn near_meanings_are_nearer_than_far_ones() {
    for (anchor, near, far) in TRIPLES {
        let (to_near, to_far) = (similarity(anchor, near), similarity(anchor, far));
        assert!(
            to_near > to_far + 0.1,
            "{anchor:?}: {to_near} to {near:?}, {to_far} to {far:?}"
        );
    }
}

#[test]
fn few_dimensions_still_order_clear_cases() {
    let right = TRIPLES.iter().filter(|(anchor, near, far)| {
        similarity_in(anchor, near, 32) > similarity_in(anchor, far, 32)
    });
    let right = right.count();
    assert!(right >= 44, "{right} of {}", TRIPLES.len());
}

#[test]
fn case_order_and_stop_words_matter_little() {
    for (a, b) in [
        ("The quick brown fox", "the QUICK brown fox!"),
        ("cats and dogs", "dogs and cats"),
        ("the price of the car", "a car price"),
        ("zyxomma tremblers", "Zyxomma trembler"),
    ] {
        assert!(
            similarity(a, b) > 0.9,
            "{a:?} and {b:?}: {}",
            similarity(a, b)
        );
        assert_ne!(embed(a, 64), embed(b, 64));
    }
}

#[test]
fn unrelated_texts_are_nearly_orthogonal() {
    for (anchor, _, far) in TRIPLES {
        let similarity = similarity_in(anchor, far, 1_536);
        assert!(similarity < 0.45, "{anchor:?} and {far:?}: {similarity}");
    }
}

#[test]
fn other_scripts_are_compared_by_their_characters() {
    let near = similarity("東京の天気", "東京の夜");
    let far = similarity("東京の天気", "銀行口座");
    assert!(near > far + 0.2, "{near} and {far}");
}

#[test]
fn dimensions_are_honoured_as_a_prefix() {
    let long = embed("prefix of a vector", 1_536);
    for dimensions in [1, 2, 3, 8, 256, 1_535] {
        let short = embed("prefix of a vector", dimensions);
        assert_eq!(short.len(), dimensions);
        let scale = long[..dimensions].iter().map(|x| x * x).sum::<f32>().sqrt();
        for (x, y) in short.iter().zip(&long) {
            assert!(
                (x - y / scale).abs() < 1e-5,
                "{dimensions} dimensions: {x} against {y}/{scale}"
            );
        }
    }
    assert_eq!(embed("none", 0), Vec::<f32>::new());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_text_has_a_finite_unit_vector_of_its_own(a in ".{0,60}", b in ".{0,60}", dimensions in 4_usize..80) {
        let vector = embed(&a, dimensions);
        let length: f32 = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        prop_assert!((length - 1.0).abs() < 1e-4, "{}", length);
        prop_assert_eq!(&vector, &embed(&a, dimensions));
        prop_assert_eq!(vector == embed(&b, dimensions), a == b);
    }
}
