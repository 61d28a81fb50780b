#![no_main]

use libfuzzer_sys::fuzz_target;
use seal::Presented;

// Whatever is presented is read or refused in words; what is read says the same when it is written again.
fuzz_target!(|text: &str| {
    match text.parse::<Presented>() {
        Ok(Presented::Receipt(receipt)) => {
            assert_eq!(receipt.to_string().parse::<Presented>(), Ok(Presented::Receipt(receipt)));
        }
        Ok(Presented::Slip(slip)) => {
            assert_eq!(slip.to_string().parse::<Presented>(), Ok(Presented::Slip(slip)));
        }
        Err(problem) => assert!(!problem.zh().is_empty()),
    }
});
