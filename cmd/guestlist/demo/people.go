package demo

import "guestlist/db/chat"

// person is one of the named people of the sample.
type person struct {
	id         chat.UserID
	name, role string
}

var people = []person{
	{"u_maya", "Maya Lindqvist", "organiser"}, {"u_tomas", "Tomás Herrera", "organiser"}, {"u_priya", "Priya Raman", "organiser"}, {"u_imre", "Imre Szabó", "organiser"},
	{"u_sam", "Sam Whitlock", "steward"}, {"u_oskar", "Oskar Lund", "steward"}, {"u_greta", "Greta Holm", "steward"}, {"u_amina", "Amina Diallo", "steward"},
	{"seller_019", "Carmen Ruiz", "seller"}, {"seller_088", "Petra Novotná", "seller"}, {"seller_117", "Adé Balogun", "seller"}, {"seller_204", "Yuki Tanabe", "seller"},
	{"seller_256", "Ravi Menon", "seller"}, {"seller_341", "Jonas Ek", "seller"}, {"seller_377", "Lucía Fernández", "seller"}, {"seller_402", "Nikolai Petrov", "seller"},
	{"seller_415", "Aoife Brennan", "seller"}, {"seller_433", "Mehmet Yılmaz", "seller"}, {"seller_450", "Chloé Dubois", "seller"}, {"seller_468", "Kwame Mensah", "seller"},
	{"buyer_0934", "Noor Aziz", "buyer"}, {"buyer_1127", "Søren Kjær", "buyer"}, {"buyer_2210", "Dele Achebe", "buyer"}, {"buyer_2741", "Mei Zhang", "buyer"},
	{"buyer_3066", "Ewa Żółkowska", "buyer"}, {"buyer_3381", "Kit Marlow", "buyer"}, {"buyer_3920", "João Pereira", "buyer"}, {"buyer_4406", "Finn Gallagher", "buyer"},
	{"buyer_4571", "Fatima Zahra", "buyer"}, {"buyer_5012", "Elena Popescu", "buyer"}, {"buyer_5561", "Leila Haddad", "buyer"}, {"buyer_5804", "Hugo Martin", "buyer"},
	{"buyer_6127", "Inês Carvalho", "buyer"}, {"buyer_6439", "Anika Sharma", "buyer"}, {"buyer_6980", "Björn Ólafsson", "buyer"}, {"buyer_7311", "Thảo Nguyễn", "buyer"},
	{"buyer_7718", "Hana Kučerová", "buyer"}, {"buyer_8052", "Olivia Grant", "buyer"}, {"buyer_8490", "Yusuf Demir", "buyer"}, {"buyer_9003", "Zuzanna Wójcik", "buyer"},
}

// topic is one conversation of the sample: who is in it by place in people, and what was said.
type topic struct {
	id      chat.ConversationID
	subject string
	in      []int
	said    []string
}

var topics = []topic{
	{"spring-fair-organisers", "Spring fair organisers", []int{0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18}, []string{"Pitch map is final. Sellers can see their number in the app from noon.", "Thanks! Is 14 the one next to the fountain?", "Yes, 14 and 15. You have power on the left side.", "Can you bring the spare banner? Ours has the old date on it."}},
	{"sellers-lounge", "Sellers’ lounge", []int{8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 0}, []string{"Parking opens at six.", "Does anyone have a spare gas bottle?", "I have two, come by 22."}},
	{"stewards-night", "Night stewards", []int{4, 5, 6, 7, 0}, []string{"Gate B closed.", "All quiet at the library."}},
	{"help-desk", "Help desk", []int{2, 4, 6}, []string{"How do I book a pitch?", "On the website, under “Sell”."}},
	{"pitch-swaps", "Pitch swap board", []int{9, 12, 13, 10, 14, 15, 17, 19}, []string{"22 for anything near power.", "I’d take 22 for 31."}},
	{"news", "Larkfield news", []int{0, 1, 20, 21, 22, 23, 24, 26, 28, 30, 32, 34, 36, 38}, []string{"Road works on Mill Street until Friday.", "The spring fair is on!"}},
	{"volunteers-2024", "Old volunteers 2024", []int{0, 4}, []string{"Thank you all."}},
	{"music-stage", "Music stage", []int{1, 7, 16, 18, 27}, []string{"Sound check at nine.", "The choir moves to three o’clock."}},
	{"food-court", "Food court", []int{8, 11, 17, 18, 19, 2}, []string{"Hygiene visit on Thursday.", "We are ready."}},
	{"cleaning", "Cleaning crew", []int{5, 6, 7, 29, 35}, []string{"More bags are at gate A."}},
	{"first-aid", "First aid", []int{4, 6, 31}, []string{"Tent is by the fountain."}},
	{"kids-corner", "Kids’ corner", []int{3, 16, 37}, []string{"We need two more tables."}},
}

// order is a conversation of one seller and one buyer.
var orders = []struct{ buyer, seller int }{{30, 13}, {22, 8}, {36, 12}, {20, 9}, {24, 10}, {25, 11}, {27, 14}, {29, 15}, {33, 16}, {35, 17}, {38, 18}, {39, 19}}
