use super::*;

/// Gives the same bytes every time.
struct Fixed(Vec<u8>);
impl Chance for Fixed {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&self.0);
    }
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

const INFO: &str = "4f6465206f6e2061204772656369616e2055726e";
const PLAIN: &str = "4265617574792069732074727574682c20747275746820626561757479";
const ENC_A2: &str = "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a";
const SK_R: &str = "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb";
const PK_R: &str = "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a";
const IKM_E: &str = "909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b";
const SEALED: [(&str, &str); 3] = [
    (
        "436f756e742d30",
        "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
    ),
    (
        "436f756e742d31",
        "6b53c051e4199c518de79594e1c4ab18b96f081549d45ce015be002090bb119e85285337cc95ba5f59992dc98c",
    ),
    (
        "436f756e742d32",
        "71146bd6795ccc9c49ce25dda112a48f202ad220559502cef1f34271e0cb4b02b4f10ecac6f48c32f878fae86b",
    ),
];
const EXPORTED: [(&str, &str); 3] = [
    ("", "4bbd6243b8bb54cec311fac9df81841b6fd61f56538a775e7c80a9f40160606e"),
    ("00", "8c1df14732580e5501b00f82b10a1647b40713191b7c1240ac80e2b68808ba69"),
    ("54657374436f6e74657874", "5acb09211139c43b3090489a9da433e8a30ee7188ba8b0a9a1ccf0c229283e53"),
];

// RFC 9180, appendix A.2.1: our suite, both sides, ciphertexts and exported secrets.
#[test]
fn the_vectors_of_rfc_9180_come_out() {
    let public = Public::from_bytes(&hex(PK_R)).unwrap();
    let chance = Fixed(hex(IKM_E));
    let (enc, mut sender) = hpke::setup_sender_with_rng::<Aead, HkdfSha256, Kem>(
        &OpModeS::Base,
        &public,
        &hex(INFO),
        &mut Given(&chance),
    )
    .unwrap();
    assert_eq!(enc.to_bytes().as_slice(), hex(ENC_A2));
    let secret = Private::from_bytes(&hex(SK_R)).unwrap();
    let mut receiver =
        hpke::setup_receiver::<Aead, HkdfSha256, Kem>(&OpModeR::Base, &secret, &enc, &hex(INFO)).unwrap();
    for (aad, sealed) in SEALED {
        assert_eq!(sender.seal(&hex(PLAIN), &hex(aad)).unwrap(), hex(sealed));
        assert_eq!(receiver.open(&hex(sealed), &hex(aad)).unwrap(), hex(PLAIN));
    }
    for (context, exported) in EXPORTED {
        let mut secret = [0; 32];
        sender.export(&hex(context), &mut secret).unwrap();
        assert_eq!(secret.as_slice(), hex(exported));
        receiver.export(&hex(context), &mut secret).unwrap();
        assert_eq!(secret.as_slice(), hex(exported));
    }
}
